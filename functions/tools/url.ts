/**
 * What is wrong with the URL of a tool, or null. Tools are called over HTTPS on its own port alone: whoever writes a
 * URL shall not be able to knock at other ports from within a deployment.
 */
export function toolUrlFault(text: string): string | null {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:') return 'must be an https URL';
  if (url.port !== '') return 'must use port 443';
  if (url.username !== '' || url.password !== '') return 'must not hold credentials';
  return null;
}
