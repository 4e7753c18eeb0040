/**
 * How many requests of `limits.rate` a request counts as.
 *
 * Measured with `npm run bench:cost`: most requests take 50 to 200 microseconds of processor time, whatever is in them. A
 * page for an address takes 1000 to 2000, most of it for its QR codes. A signature takes 200 with a key on P-256, 500 with
 * an RSA key of 2048 bits and 3000 with one of 4096 bits, beside the 200 of its profile.
 */
export const weights = { usual: 1, page: 10, signature: 10 } as const
