/** Numbers in [0, 1) that look random and are the same for the same seed (Park and Miller's generator). */
export function dice(seed: number): () => number {
  const modulus = 2_147_483_647;
  let state = (seed % (modulus - 1)) + 1;
  return () => {
    state = (state * 48_271) % modulus;
    return (state - 1) / modulus;
  };
}
