/** All that somebody fills in. Read next: use-editing.ts, and each field's own file. */
import { useQuery } from '@tanstack/react-query'
import { previewQuery } from '../../data/editor.ts'
import { definitionOf, withOption, withQuery, withThreshold } from './draft.ts'
import { MessageField } from './message-field.tsx'
import { NameFields } from './name-fields.tsx'
import { OptionsForm } from './options-form.tsx'
import { Preview } from './preview.tsx'
import { QueryField } from './query-field.tsx'
import { ThresholdFields } from './threshold-fields.tsx'
import { useDebounced } from './use-debounced.ts'
import type { Editing } from './use-editing.ts'

const previewMs = 200

export function Fields({ draft, change, checked, fine, problems }: Editing) {
  const settled = useDebounced(fine, previewMs)
  const { data: previews } = useQuery({ ...previewQuery(settled === null ? {} : definitionOf(settled)), enabled: settled !== null })
  const of = (field: string) => problems.filter((problem) => problem.field === field)
  const warnings = (checked?.warnings ?? []).filter(({ field }) => field === 'message')
  const isCompared = checked?.reads?.levels !== true && draft.type !== 'composite'
  return (
    <>
      <NameFields draft={draft} problems={problems} onDraft={change} />
      <QueryField
        draft={draft}
        onQuery={(query) => change(withQuery(draft, query))}
        problems={of('query')}
        reads={checked?.reads ?? null}
      />
      {isCompared ? (
        <ThresholdFields draft={draft} problems={problems} onThreshold={(name, value) => change(withThreshold(draft, name, value))} />
      ) : null}
      <MessageField
        value={draft.message}
        onChange={(message) => change({ ...draft, message })}
        problems={of('message')}
        warnings={warnings}
      />
      {previews === undefined ? null : <Preview notifications={previews} />}
      <OptionsForm draft={draft} problems={problems} onOption={(name, value) => change(withOption(draft, name, value))} />
    </>
  )
}
