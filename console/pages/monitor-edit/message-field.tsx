/** The message: receivers are completed behind an @, and what it would say of each change is shown below. Read next: preview.tsx. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { handlesQuery, type Problem } from '../../data/editor.ts'
import { CodeArea } from './code-area.tsx'
import { handleAt } from './words-at.ts'

const offeredMax = 8

export function MessageField({
  value,
  onChange,
  problems,
  warnings,
}: Readonly<{ value: string; onChange: (text: string) => void; problems: readonly Problem[]; warnings: readonly Problem[] }>) {
  const [caret, setCaret] = useState<number | null>(null)
  const here = caret === null ? null : handleAt(value, caret)
  const { data } = useQuery(handlesQuery)
  const names = (data ?? []).map(({ name }) => name).filter((name) => name.includes(here?.text ?? '') && name !== here?.text)
  return (
    <CodeArea
      label="Message"
      value={value}
      onChange={onChange}
      problems={problems}
      warnings={warnings}
      rows={5}
      offered={here === null ? null : { ...here, words: names.slice(0, offeredMax), note: null }}
      onCaret={setCaret}
      hint="{{#is_alert}}…{{/is_alert}} shows only then, {{value}} and {{host.name}} are filled in, @name tells a receiver."
    />
  )
}
