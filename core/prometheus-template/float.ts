/**
 * Floats as Go writes them. Digits are exact and rounded half to even, where JavaScript's own methods round half up.
 * Read next: printf.ts, humanize.ts.
 */

/** `0.d1d2d3… × 10^point`, without a sign. */
type Decimal = Readonly<{ digits: string; point: number }>

/** `precision` null = as few digits as tell the number from its neighbours. */
export function formatFloat(value: number, verb: 'e' | 'f' | 'g', precision: number | null): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return sign + unsigned(Math.abs(value), verb, precision)
}

function unsigned(value: number, verb: 'e' | 'f' | 'g', precision: number | null): string {
  switch (verb) {
    case 'f': {
      if (precision === null) {
        const short = shortest(value)
        return fixed(short, Math.max(0, short.digits.length - short.point))
      }
      const all = exact(value)
      return fixed(rounded(all, all.point + precision), precision)
    }
    case 'e': {
      const of = precision === null ? shortest(value) : rounded(exact(value), precision + 1)
      return exponential(of, precision ?? of.digits.length - 1)
    }
    case 'g':
      return general(value, precision)
  }
}

/** With `precision` digits, or as few as needed; small and large exponents are written as such. */
function general(value: number, precision: number | null): string {
  const wanted = precision === 0 ? 1 : precision
  const of = wanted === null ? shortest(value) : rounded(exact(value), wanted)
  const digits = of.digits.replace(/0+$/, '')
  const trimmed = { digits: digits === '' ? '0' : digits, point: of.point }
  if (value === 0) return '0'
  const exponent = trimmed.point - 1
  // Go decides by six digits where it writes as few as needed, else by the precision.
  const limit =
    wanted === null ? 6 : wanted > trimmed.digits.length && trimmed.digits.length >= trimmed.point ? trimmed.digits.length : wanted
  if (exponent < -4 || exponent >= limit) return exponential(trimmed, trimmed.digits.length - 1)
  return fixed(trimmed, Math.max(0, trimmed.digits.length - trimmed.point))
}

function fixed({ digits, point }: Decimal, decimals: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  if (decimals === 0) return whole
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(-point) + digits
  return `${whole}.${fraction.padEnd(decimals, '0').slice(0, decimals)}`
}

function exponential({ digits, point }: Decimal, decimals: number): string {
  const exponent = /^0*$/.test(digits) ? 0 : point - 1
  const fraction = digits.slice(1).padEnd(decimals, '0').slice(0, decimals)
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `${digits[0] ?? '0'}${decimals > 0 ? `.${fraction}` : ''}e${exponent < 0 ? '-' : '+'}${size}`
}

function shortest(value: number): Decimal {
  return decimalOf(value.toExponential())
}

/** All that matter: JavaScript gives 101 digits of a float, and all of a whole number. */
function exact(value: number): Decimal {
  if (value >= 2 ** 53) {
    const digits = BigInt(value).toString()
    return { digits, point: digits.length }
  }
  return decimalOf(value.toExponential(100))
}

function decimalOf(written: string): Decimal {
  const [mantissa = '0', exponent = '0'] = written.split('e')
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 }
}

/** To `count` digits, half to even; a carry may add one in front. */
function rounded({ digits, point }: Decimal, count: number): Decimal {
  if (count < 0) return { digits: '', point }
  if (count >= digits.length) return { digits, point }
  const kept = digits.slice(0, count)
  const rest = digits.slice(count)
  const half = /^50*$/.test(rest)
  const up = half ? Number(kept.at(-1) ?? '0') % 2 === 1 : rest.charCodeAt(0) >= 53
  if (!up) return { digits: kept, point }
  const next = (BigInt(kept === '' ? '0' : kept) + 1n).toString().padStart(count, '0')
  return { digits: next, point: point + (next.length - kept.length) }
}
