/** Made when the bundle is built (lib/bundles.ts): the OpenAPI document, and the page that shows it. */
declare module 'parley:openapi' {
  export const document: Readonly<Record<string, unknown>>;
}

declare module 'parley:docs-page' {
  export const page: string;
  /** The Content-Security-Policy that lets the page do what it does and nothing else. */
  export const policy: string;
}
