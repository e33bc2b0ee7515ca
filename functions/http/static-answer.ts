import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A deployment changes it; until a browser has asked again it may show the one before. */
const KEPT_SECONDS = 300;

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * An answer that is the same for everybody until the next deployment: browsers and proxies keep it, its entity tag spares
 * who has it the body (RFC 9110, section 13.1.2), and who takes gzip gets it compressed: API Gateway does not.
 *
 * @param answer a success as its endpoint has made it
 * @param headers of the request, with lower-case names
 */
export async function staticAnswer(
  answer: APIGatewayProxyStructuredResultV2,
  headers: Headers,
): Promise<APIGatewayProxyStructuredResultV2> {
  const body = answer.body ?? '';
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const kept = { etag, 'cache-control': `public, max-age=${KEPT_SECONDS}`, vary: 'accept-encoding' };
  const tags = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//u, '')) ?? [];
  if (tags.includes(etag) || tags.includes('*')) return { statusCode: 304, headers: kept };
  if (!takesGzip(headers['accept-encoding'] ?? ''))
    return { ...answer, headers: { ...answer.headers, ...kept } };
  const compressed = await promisify(gzip)(body);
  return {
    ...answer,
    headers: { ...answer.headers, ...kept, 'content-encoding': 'gzip' },
    body: compressed.toString('base64'),
    isBase64Encoded: true,
  };
}

/** Whether an Accept-Encoding names gzip, and not with a weight of zero. */
function takesGzip(acceptEncoding: string): boolean {
  return acceptEncoding
    .split(',')
    .some((coding) => /^\s*gzip\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/iu.test(coding));
}
