import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type Tool as McpTool,
} from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import type { Answerer } from '../answer/answerer.ts';
import type { Config } from '../config.ts';
import type { Tool } from '../define.ts';
import { callerOf, callIdKey } from './caller.ts';
import { firstAnswers } from './first-answers.ts';
import type { OnRequest } from './on-request.ts';
import { refuseCursor } from './refuse-cursor.ts';

/** tools/list and tools/call. An unknown tool is a protocol error, every other failure a result with isError. */
export function serveTools(onRequest: OnRequest, answerer: Answerer): void {
  onRequest(ListToolsRequestSchema, ({ params }) => {
    refuseCursor(params?.cursor);
    const { config, tools } = answerer;
    return (
      firstAnswers(config)?.results['tools/list'] ?? {
        tools: tools.map((tool) => describeTool(tool, config)),
      }
    );
  });
  onRequest(CallToolRequestSchema, async ({ params }, extra, sent): Promise<CallToolResult> => {
    const tool = answerer.tools.find(({ name }) => name === params.name);
    if (!tool) {
      const known = answerer.tools.map(({ name }) => name).join(', ');
      const asked = JSON.stringify(params.name.slice(0, 100));
      throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${asked}. There are: ${known}.`);
    }
    let callId = '';
    const caller = callerOf(extra, (id) => {
      callId = id;
    });
    const { text, structured, isError, images } = await answerer.callTool(
      tool,
      sent.params?.arguments,
      caller,
    );
    return {
      content: [
        { type: 'text', text },
        ...images.map(({ base64, mimeType }) => ({ type: 'image' as const, data: base64, mimeType })),
      ],
      structuredContent: structured,
      ...(isError && { isError }),
      _meta: { [callIdKey]: callId },
    };
  });
}

/** A tool as tools/list has it. For the build and what runs from its source: the bundle has only what this gave. */
export function describeTool(tool: Tool, config: Config): McpTool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description(config),
    // z.toJSONSchema of an object schema always has type "object"
    inputSchema: publish(tool.input, 'input') as McpTool['inputSchema'],
    outputSchema: publish(tool.output, 'output') as NonNullable<McpTool['outputSchema']>,
    annotations: { title: tool.title, ...tool.annotations(config) },
  };
}

/** JSON Schema without what says the default: the dialect (2020-12, as MCP has it) and that more may be there. */
function publish(schema: z.ZodObject, io: 'input' | 'output'): object {
  const { $schema: _, ...published } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      const { additionalProperties: more } = jsonSchema;
      if (typeof more === 'object' && Object.keys(more).length === 0) delete jsonSchema.additionalProperties;
    },
  });
  return published;
}
