import {
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { Answerer } from '../answer/answerer.ts';
import type { Resource } from '../define.ts';
import { asScoutError, formatError, type ErrorCode as ScoutErrorCode } from '../errors.ts';
import { callerOf, callIdKey } from './caller.ts';
import type { OnRequest } from './on-request.ts';
import { refuseCursor } from './refuse-cursor.ts';

/** "Resource not found" of the MCP specification. */
const resourceNotFound = -32002;

const notFound: ReadonlySet<ScoutErrorCode> = new Set(['unknown_host', 'path_not_found', 'result_expired']);
const wrongAsked: ReadonlySet<ScoutErrorCode> = new Set(['invalid_argument', 'invalid_target']);

/** resources/list, resources/templates/list and resources/read. A failure is a JSON-RPC error with code and fix. */
export function serveResources(onRequest: OnRequest, answerer: Answerer): void {
  const listed = answerer.resources.filter(({ uri }) => !isTemplate(uri));
  const templates = answerer.resources.filter(({ uri }) => isTemplate(uri));
  onRequest(ListResourcesRequestSchema, ({ params }) => {
    refuseCursor(params?.cursor);
    return { resources: listed.map((resource) => ({ uri: resource.uri, ...describe(resource) })) };
  });
  onRequest(ListResourceTemplatesRequestSchema, ({ params }) => {
    refuseCursor(params?.cursor);
    return {
      resourceTemplates: templates.map((resource) => ({ uriTemplate: resource.uri, ...describe(resource) })),
    };
  });
  onRequest(ReadResourceRequestSchema, async ({ params: { uri } }, extra) => {
    let callId = '';
    const caller = callerOf(extra, (id) => {
      callId = id;
    });
    try {
      const read = await answerer.readResource(uri, caller);
      const _meta = { [callIdKey]: callId };
      if ('text' in read) return { contents: [{ uri, mimeType: read.mimeType, text: read.text }], _meta };
      const { text, images } = read.answer;
      return {
        contents: [
          { uri, mimeType: read.mimeType, text },
          ...images.map(({ base64, mimeType }) => ({ uri, mimeType, blob: base64 })),
        ],
        _meta,
      };
    } catch (thrown) {
      const error = asScoutError(thrown);
      const { code, fix } = error;
      throw new McpError(jsonRpcCode(code), formatError(error), { code, fix, uri, call_id: callId });
    }
  });
}

function isTemplate(uri: string): boolean {
  return uri.includes('{');
}

function describe({ name, title, description, mimeType }: Resource) {
  return { name, title, description, mimeType };
}

function jsonRpcCode(code: ScoutErrorCode): number {
  if (notFound.has(code)) return resourceNotFound;
  return wrongAsked.has(code) ? ErrorCode.InvalidParams : ErrorCode.InternalError;
}
