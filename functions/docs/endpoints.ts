import { getOpenapi } from './get-openapi.ts';
import { getPage } from './get-page.ts';

export const docsEndpoints = [getOpenapi, getPage];
