/** The whole monitor as JSON, as files and the API have it; what is written here is what the fields hold. */
import { useState } from 'react'
import { CodeArea } from './code-area.tsx'
import { type Draft, definitionOf, draftFromJson } from './draft.ts'

export function JsonView({ draft, onDraft }: Readonly<{ draft: Draft; onDraft: (draft: Draft) => void }>) {
  const [text, setText] = useState(() => JSON.stringify(definitionOf(draft), null, 2))
  const read = draftFromJson(text, draft.type)
  const problems = 'problem' in read ? [{ field: null, message: read.problem, place: null }] : []
  return (
    <CodeArea
      label="Definition as JSON"
      value={text}
      rows={18}
      problems={problems}
      offered={null}
      onCaret={() => {}}
      onChange={(next) => {
        setText(next)
        const changed = draftFromJson(next, draft.type)
        if ('draft' in changed) onDraft(changed.draft)
      }}
    />
  )
}
