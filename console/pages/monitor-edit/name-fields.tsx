/** What a monitor is called, and by what it is found. */
import { useState } from 'react'
import type { Problem } from '../../data/editor.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import type { Draft } from './draft.ts'
import './name-fields.css'

export function NameFields({
  draft,
  problems,
  onDraft,
}: Readonly<{ draft: Draft; problems: readonly Problem[]; onDraft: (draft: Draft) => void }>) {
  const [tags, setTags] = useState(draft.tags.join(', '))
  return (
    <div className="name-fields">
      <TextField
        label="Name"
        value={draft.name}
        placeholder="Load of {{host.name}} is high"
        error={problems.find(({ field }) => field === 'name')?.message}
        onChange={({ target }) => onDraft({ ...draft, name: target.value })}
      />
      <TextField
        label="Tags"
        value={tags}
        placeholder="team:shop, service:web"
        onChange={({ target }) => {
          setTags(target.value)
          const list = target.value.split(',').map((tag) => tag.trim())
          onDraft({ ...draft, tags: list.filter((tag) => tag !== '') })
        }}
      />
      <SelectField
        label="Priority"
        value={draft.priority ?? ''}
        onChange={({ target }) => onDraft({ ...draft, priority: target.value === '' ? null : Number(target.value) })}
      >
        <option value="">none</option>
        {[1, 2, 3, 4, 5].map((priority) => (
          <option key={priority} value={priority}>
            P{priority}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Tells people"
        value={draft.draft_status}
        onChange={({ target }) => onDraft({ ...draft, draft_status: target.value === 'draft' ? 'draft' : 'published' })}
      >
        <option value="published">yes</option>
        <option value="draft">no, it is a draft</option>
      </SelectField>
    </div>
  )
}
