/** Addresses of the console with their filters. */

/** An address with its filters; what is empty is left out. */
export function address(path: string, filters: Record<string, string | undefined>): string {
  const query = new URLSearchParams(Object.entries(filters).filter((one): one is [string, string] => Boolean(one[1]))).toString();
  return query ? `${path}?${query}` : path;
}
