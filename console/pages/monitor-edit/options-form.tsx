/** Every option with its meaning and what holds without it, by the one table of them. Read next: ../../../contract/option-table.ts. */
import { useState } from 'react'
import { type OptionEntry, optionGroups, optionTable } from '../../../contract/option-table.ts'
import type { Problem } from '../../data/editor.ts'
import { TextField } from '../../ui/field.tsx'
import { OptionField } from '../../ui/option-field.tsx'
import type { Draft } from './draft.ts'
import './options-form.css'

/** They have fields of their own on this page. */
const elsewhere = ['thresholds']

export function OptionsForm({
  draft,
  problems,
  onOption,
}: Readonly<{ draft: Draft; problems: readonly Problem[]; onOption: (name: string, value: unknown) => void }>) {
  const [sought, setSought] = useState('')
  const entries = Object.entries(optionTable).filter(([name, entry]) => !elsewhere.includes(name) && holds(name, entry, sought))
  return (
    <section className="options-form" aria-labelledby="options-title">
      <header>
        <h2 id="options-title">Options</h2>
        <TextField
          label="Find an option"
          value={sought}
          onChange={({ target }) => setSought(target.value)}
          placeholder="repeat, missing, hold…"
        />
      </header>
      {optionGroups.map((group) => {
        const own = entries.filter(([, entry]) => entry.group === group)
        const set = own.filter(([name]) => draft.options[name] !== undefined)
        const wrong = own.some(([name]) => problemOf(problems, name) !== undefined)
        if (own.length === 0) return null
        return (
          <details key={group} open={wrong || sought !== '' || undefined}>
            <summary>
              <strong>{group}</strong>
              <span className="soft small">
                {set.length === 0 ? `${own.length} options, none set` : `set: ${set.map(([, { label }]) => label).join(', ')}`}
              </span>
            </summary>
            <div className="options-fields">
              {own.map(([name, entry]) => (
                <OptionField
                  key={name}
                  {...{ name, entry, value: draft.options[name], error: problemOf(problems, name) }}
                  onValue={(value) => onOption(name, value)}
                />
              ))}
            </div>
          </details>
        )
      })}
      {entries.length === 0 ? <p className="soft">No option is called or means “{sought}”.</p> : null}
    </section>
  )
}

function holds(name: string, { label, meaning }: OptionEntry, sought: string): boolean {
  return `${name} ${label} ${meaning}`.toLowerCase().includes(sought.trim().toLowerCase())
}

function problemOf(problems: readonly Problem[], name: string): string | undefined {
  return problems.find(({ field }) => field === `options.${name}` || field?.startsWith(`options.${name}.`))?.message
}
