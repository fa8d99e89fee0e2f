/** What a canvas paints with: the colours of the page, as they are in the scheme of now. Read next: ../../ui/tokens.css. */

/** Area of each status by its variable. */
export const statusColors: Readonly<Record<string, string>> = {
  Alert: '--area-alert',
  Warn: '--area-warn',
  OK: '--area-ok',
  'No Data': '--area-none',
}
export const otherColor = '--line-strong'

/** A canvas knows no variables: an element within the holder says what each is now. */
export function colorsOf(holder: HTMLElement): (name: string) => string {
  const known = new Map<string, string>()
  return (name) => {
    const found = known.get(name)
    if (found !== undefined) return found
    const probe = document.createElement('span')
    probe.style.color = `var(${name})`
    holder.append(probe)
    const color = getComputedStyle(probe).color
    probe.remove()
    known.set(name, color)
    return color
  }
}
