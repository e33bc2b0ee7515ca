/** Where the API is, for URLs that clients follow from anywhere. Streams have other URLs than the rest of it. */
export function apiUrl(env: NodeJS.ProcessEnv = process.env): string {
  return env.API_URL ?? '';
}
