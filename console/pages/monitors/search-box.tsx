import { useEffect, useRef, useState } from 'react'
import { useCommands } from '../../shell/commands.ts'
import { Icon } from '../../ui/icon.tsx'
import './search-box.css'

/** Between two letters of a word; then it is asked. */
const typingMs = 180

/** The search as text, in the API's own language; the address follows when somebody stops typing. */
export function SearchBox({ query, onQuery }: Readonly<{ query: string; onQuery: (query: string) => void }>) {
  const ref = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(query)
  const [asked, setAsked] = useState(query)
  // Changed from elsewhere: by a filter, a view, or going back.
  if (query !== asked) {
    setAsked(query)
    setText(query)
  }
  useEffect(() => {
    if (text === asked) return
    const timer = setTimeout(() => {
      setAsked(text)
      onQuery(text)
    }, typingMs)
    return () => clearTimeout(timer)
  }, [text, asked, onQuery])
  useCommands([{ id: 'search-monitors', label: 'Search in this list', group: 'Monitors', keys: '/', run: () => ref.current?.focus() }])

  return (
    <div className="search-box">
      <Icon name="search" />
      <input
        ref={ref}
        type="search"
        className="input"
        aria-label="Search monitors"
        placeholder='Name or text, or status:alert team:shop -type:log tag:"env:prod"'
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') ref.current?.blur()
        }}
      />
    </div>
  )
}
