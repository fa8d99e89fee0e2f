import './kbd.css'

/** Keys as they are pressed: `Mod+K`, `g m`. */
export function Kbd({ keys }: Readonly<{ keys: string }>) {
  const isMac = navigator.platform.startsWith('Mac')
  const parts = keys.split(/[ +]/)
  return (
    <span className="kbd">
      {parts.map((part) => (
        <kbd key={part}>{part === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : part}</kbd>
      ))}
    </span>
  )
}
