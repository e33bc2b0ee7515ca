import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

const START = `
SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#api',
  deepLinking: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null, // it would ask somebody else about the document
});`;

/**
 * Swagger UI in one page: its script and styles stand in it, so that one function with one answer serves it, and the
 * policy names them by their hashes. It may fetch from its own origin alone.
 */
export function docsPage(): { page: string; policy: string } {
  const styles = asset('swagger-ui.css');
  const scripts = [asset('swagger-ui-bundle.js'), START];
  const page = [
    '<!doctype html>',
    '<html lang="en">',
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Parley</title>',
    `<link rel="icon" href="data:,"><style>${styles}</style></head>`,
    '<body><div id="api"></div>',
    ...scripts.map((script) => `<script>${script}</script>`),
    '</body></html>',
  ].join('\n');
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(' ')}`,
    `style-src ${hashOf(styles)}`,
    "connect-src 'self'",
    'img-src data:', // the icons in its styles
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { page, policy };
}

function asset(name: string): string {
  const text = readFileSync(require.resolve(`swagger-ui-dist/${name}`), 'utf8');
  return text.replaceAll(/\n?\/[/*]# sourceMappingURL=.*/gu, ''); // which nobody serves
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
