/**
 * How well one colour is read on another: WCAG 2.2, "contrast ratio" and "relative luminance".
 */

/**
 * @param one,other as `#rrggbb`
 * @returns from 1 (the same) to 21 (black and white)
 */
export function contrast(one: string, other: string): number {
  const luminances = [luminance(one), luminance(other)]
  return (Math.max(...luminances) + 0.05) / (Math.min(...luminances) + 0.05)
}

function luminance(color: string): number {
  return 0.2126 * linear(color.slice(1, 3)) + 0.7152 * linear(color.slice(3, 5)) + 0.0722 * linear(color.slice(5))
}

/** @param digits two of base 16 */
function linear(digits: string): number {
  const channel = Number.parseInt(digits, 16) / 255
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}
