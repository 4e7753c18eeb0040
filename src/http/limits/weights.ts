/**
 * How many requests of `limits.rate` a request counts as.
 *
 * Why 10, by processor time (Node 24.21, 2026-11-30): most requests take 20 to 45 µs. A page for an address takes 240 to 740 µs,
 * most of it for its QR codes. A signature takes 70 to 100 µs with a key on P-256, and 270, 730 and 1500 µs with RSA keys of
 * 2048, 3072 and 4096 bits.
 */
export const weights = { usual: 1, page: 10, signature: 10 } as const
