import {
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { Answerer } from '../answer/answerer.ts';
import { asScoutError, formatError } from '../errors.ts';
import type { OnRequest } from './on-request.ts';
import { refuseCursor } from './refuse-cursor.ts';

/** prompts/list and prompts/get. */
export function servePrompts(onRequest: OnRequest, answerer: Answerer): void {
  onRequest(ListPromptsRequestSchema, ({ params }) => {
    refuseCursor(params?.cursor);
    return {
      prompts: answerer.prompts.map(({ name, title, description, arguments: each }) => ({
        name,
        title,
        description,
        arguments: each.map((argument) => ({ ...argument, required: true })),
      })),
    };
  });
  onRequest(GetPromptRequestSchema, ({ params }, _extra, sent) => {
    const { name } = params;
    try {
      const values = sent.params?.arguments as typeof params.arguments; // but for __proto__, which no prompt takes
      const text = answerer.promptText(name, values ?? {});
      const description = answerer.prompts.find((prompt) => prompt.name === name)?.description;
      return {
        ...(description !== undefined && { description }),
        messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }],
      };
    } catch (thrown) {
      const error = asScoutError(thrown);
      const { code, fix } = error;
      const isWrong = code === 'invalid_argument';
      throw new McpError(isWrong ? ErrorCode.InvalidParams : ErrorCode.InternalError, formatError(error), {
        code,
        fix,
      });
    }
  });
}
