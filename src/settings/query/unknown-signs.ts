/**
 * Signs of `users.unknown`: `#` stands for a digit, `?` for a small letter.
 */
export const unknownSigns = /[#?]/g
