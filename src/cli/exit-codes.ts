/** Exit codes of the product contract. */
export const exitCodes = { fine: 0, failed: 1, wrongUsage: 2 } as const;
