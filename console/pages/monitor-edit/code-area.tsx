/**
 * A field for queries and messages: what is wrong is underlined where it stands, and words are offered where the caret is. A plain textarea
 * with a layer behind it, so that it reads, selects and undoes as any other. Read next: words-at.ts, query-field.tsx.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import type { Problem } from '../../data/editor.ts'
import './code-area.css'

export type Offered = Readonly<{ from: number; to: number; words: readonly string[]; note: string | null }>

export function CodeArea({
  label,
  hint,
  value,
  onChange,
  problems,
  warnings = [],
  rows = 3,
  offered,
  onCaret,
}: Readonly<{
  label: string
  hint?: ReactNode
  value: string
  onChange: (text: string) => void
  problems: readonly Problem[]
  warnings?: readonly Problem[]
  rows?: number
  /** What could stand at the caret; null = nothing. */
  offered: Offered | null
  /** Where the caret is; null = elsewhere. */
  onCaret: (caret: number | null) => void
}>) {
  const id = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  const mark = useRef<HTMLSpanElement>(null)
  const [caret, setCaret] = useState<number | null>(null)
  const [active, setActive] = useState(0)
  const [closedAt, setClosedAt] = useState<string | null>(null)
  const [place, setPlace] = useState({ left: 0, top: 0 })
  const words = offered === null || caret === null || closedAt === value ? [] : offered.words
  const open = words.length > 0

  const look = (): void => {
    const at = area.current?.selectionStart ?? null
    setCaret(at)
    onCaret(at)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words begin at the first again.
  useEffect(() => setActive(0), [offered?.words.join('\n')])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the mark moves with them.
  useLayoutEffect(() => {
    if (open && mark.current !== null) setPlace({ left: mark.current.offsetLeft, top: mark.current.offsetTop + mark.current.offsetHeight })
  }, [open, caret, value])
  useLayoutEffect(() => {
    if (area.current === null) return
    // As tall as what it holds.
    area.current.style.height = 'auto'
    area.current.style.height = `${area.current.scrollHeight + 2}px`
    void value
  }, [value])

  const take = (word: string): void => {
    if (offered === null || area.current === null) return
    area.current.focus()
    area.current.setSelectionRange(offered.from, offered.to)
    const next = value.slice(0, offered.from) + word + value.slice(offered.to)
    setClosedAt(next)
    // As if it were typed, so that it can be undone.
    if (!document.execCommand('insertText', false, word)) onChange(next)
    look()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open) return
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (move !== undefined) setActive((active + move + words.length) % words.length)
    else if (event.key === 'Escape') setClosedAt(value)
    else if (event.key === 'Enter' || event.key === 'Tab') take(words[active] ?? '')
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const wrong = problems.length > 0
  return (
    <div className="field code-field">
      <label htmlFor={id}>{label}</label>
      <div className="code-area">
        <pre aria-hidden="true">
          <Underlined text={value} problems={problems} warnings={warnings} caret={caret} mark={mark} />
        </pre>
        <textarea
          ref={area}
          id={id}
          rows={rows}
          value={value}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={wrong}
          aria-describedby={`${id}-more`}
          aria-autocomplete="list"
          aria-controls={open ? `${id}-words` : undefined}
          aria-activedescendant={open ? `${id}-word-${active}` : undefined}
          onChange={(event) => {
            setClosedAt(null)
            onChange(event.target.value)
            look()
          }}
          onKeyDown={onKeyDown}
          onSelect={look}
          onBlur={() => {
            setCaret(null)
            onCaret(null)
          }}
        />
        {open ? (
          <div id={`${id}-words`} className="code-words" role="listbox" aria-label="Words to complete with" style={place}>
            {words.map((word, index) => (
              <div
                key={word}
                id={`${id}-word-${index}`}
                role="option"
                aria-selected={index === active}
                onPointerDown={(event) => {
                  event.preventDefault()
                  take(word)
                }}
              >
                {word}
              </div>
            ))}
          </div>
        ) : null}
      </div>
      <div id={`${id}-more`} className="code-more">
        {wrong
          ? problems.map(({ message }) => (
              <p key={message} className="field-error">
                {message}
              </p>
            ))
          : null}
        {warnings.map(({ message }) => (
          <p key={message} className="field-warning">
            {message}
          </p>
        ))}
        {wrong ? null : <p className="field-hint">{offered?.note ?? hint}</p>}
      </div>
    </div>
  )
}

/** The same text, without ink: only the lines below it, and where the caret is. */
function Underlined({
  text,
  problems,
  warnings,
  caret,
  mark,
}: Readonly<{
  text: string
  problems: readonly Problem[]
  warnings: readonly Problem[]
  caret: number | null
  mark: React.RefObject<HTMLSpanElement | null>
}>) {
  const spans = [
    ...problems.flatMap(({ place }) => (place === null ? [] : [{ ...place, kind: 'wrong' }])),
    ...warnings.flatMap(({ place }) => (place === null ? [] : [{ ...place, kind: 'odd' }])),
  ].map((span) => (span.length > 0 || span.offset === 0 ? span : { ...span, offset: span.offset - 1, length: 1 }))
  const cuts = [...new Set([0, text.length, caret ?? 0, ...spans.flatMap(({ offset, length }) => [offset, offset + length])])]
    .filter((at) => at >= 0 && at <= text.length)
    .sort((one, other) => one - other)
  return (
    <>
      {cuts.map((from, index) => {
        const to = cuts[index + 1] ?? from
        const kind = spans.find(({ offset, length }) => from >= offset && to <= offset + length && to > from)?.kind
        return (
          <span key={String(from)} className={kind === undefined ? undefined : `code-${kind}`}>
            {from === caret ? <span ref={mark} /> : null}
            {text.slice(from, to)}
          </span>
        )
      })}
      {'\u200b'}
    </>
  )
}
