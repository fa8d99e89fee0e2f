import './tag.css'

/** A tag; with `onPick` a button, by which lists are narrowed. */
export function Tag({ tag, onPick }: Readonly<{ tag: string; onPick?: (tag: string) => void }>) {
  if (onPick === undefined) return <span className="tag">{tag}</span>
  return (
    <button type="button" className="tag" onClick={() => onPick(tag)} title={`Only ${tag}`}>
      {tag}
    </button>
  )
}
