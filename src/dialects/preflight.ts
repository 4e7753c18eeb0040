/**
 * Responses to the requests that browsers send before a request from a page of another origin.
 */

/**
 * Spec: Fetch 3.3.3: `*` stands for all headers except Authorization. Headers of the request are not reflected.
 * @param methods separated by commas
 */
export function preflightHeaders(methods: string) {
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': methods,
    'access-control-allow-headers': 'Authorization, Content-Type, *',
    'access-control-max-age': '86400'
  }
}
