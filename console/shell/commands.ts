/**
 * What can be done where the reader is: one list for the palette, the keys and the help. A page adds its own while it is shown.
 * Keys are single letters, `g m` for two in a row, or `Mod+K`; while somebody types only those with Mod count.
 * Read next: palette.tsx, help.tsx.
 */
import { useEffect, useRef, useSyncExternalStore } from 'react'

export type Command = Readonly<{
  id: string
  label: string
  group: string
  keys?: string
  run: () => void
}>

let commands: readonly Command[] = []
const listeners = new Set<() => void>()

/** While the caller is shown. `run` may be another function each time; the rest tells commands apart. */
export function useCommands(own: readonly Command[]): void {
  const latest = useRef(own)
  latest.current = own
  const names = own.map(({ id, label, group, keys = '' }) => [id, label, group, keys].join('\t')).join('\n')
  useEffect(() => {
    // Runs what the command is by then, not what it was when it was listed.
    const listed = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find(({ id }) => id === command.id)?.run(),
    }))
    // `names` says when the list is another.
    void names
    change([...commands, ...listed])
    return () => change(commands.filter((command) => !listed.includes(command)))
  }, [names])
}

export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => commands)
}

/** How long after the first of two keys the second may come. */
const secondKeyMs = 1_000
let first: Readonly<{ key: string; atMs: number }> | null = null

/** Runs what the key stands for; once for the whole page. */
export function listenForKeys(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (!isForPage(event)) return
    const found = commandOf(event)
    if (found === undefined) return
    event.preventDefault()
    found.run()
  }
  window.addEventListener('keydown', onKey)
  return () => window.removeEventListener('keydown', onKey)
}

/** While somebody types only keys with Mod count; a dialog has all of them to itself. */
function isForPage(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.altKey || document.querySelector('dialog[open]') !== null) return false
  return !isTyping(event.target) || pressedOf(event).startsWith('Mod+')
}

function commandOf(event: KeyboardEvent): Command | undefined {
  const pressed = pressedOf(event)
  const both = first !== null && event.timeStamp - first.atMs < secondKeyMs ? `${first.key} ${pressed}` : null
  const found = commands.findLast(({ keys }) => keys === both) ?? commands.findLast(({ keys }) => keys === pressed)
  first = found === undefined ? { key: pressed, atMs: event.timeStamp } : null
  return found
}

function pressedOf({ key, metaKey, ctrlKey }: KeyboardEvent): string {
  return metaKey || ctrlKey ? `Mod+${key.toUpperCase()}` : key
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select')
}

function change(next: readonly Command[]): void {
  commands = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
