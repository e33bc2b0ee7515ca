import type { ErrorCode, ParleyError } from '../domain/errors.ts';

/** The status of every code, for all APIs. */
export const STATUS: Record<ErrorCode, number> = {
  validation_error: 422,
  unauthorized: 401,
  missing_brand_context: 403,
  subject_mismatch: 403,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  unavailable: 503,
  internal_error: 500,
};

/** How an API words its errors: `code` under /v1, `detail` under /api/v1. */
export type ErrorStyle = 'code' | 'detail';

/** The body of an error in one API's style. Never more than the error's own code, place, message and extra. */
export function errorBody(style: ErrorStyle, error: ParleyError): unknown {
  if (style === 'code') return { error: error.code, message: placed(error), ...error.extra };
  if (error.code !== 'validation_error') return { detail: error.message, ...error.extra };
  return { detail: [{ loc: error.location, msg: error.message, type: error.fault }] };
}

function placed(error: ParleyError): string {
  return error.location.length > 0 ? `${error.location.join('.')}: ${error.message}` : error.message;
}
