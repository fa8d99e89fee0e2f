/** What somebody sees who has no monitor yet: ways to a first one, each a minute long. Read next: examples.ts. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { keys } from '../../data/keys.ts'
import { createMonitor } from '../../data/monitors.ts'
import { Button } from '../../ui/button.tsx'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'
import { type Example, examplesOf } from './examples.ts'
import './first-steps.css'
import { NewMonitor } from './new-monitor.tsx'

const examples = examplesOf({ origin: location.origin, secret: crypto.getRandomValues(new Uint32Array(2)).join('-') })

export function FirstSteps({ onImport }: Readonly<{ onImport: () => void }>) {
  const client = useQueryClient()
  const [making, setMaking] = useState<string | null>(null)
  const make = async ({ title, definition }: Example): Promise<void> => {
    setMaking(title)
    try {
      const { name } = await createMonitor(definition)
      sayDone(`“${name}” watches from now on`)
      await client.invalidateQueries({ queryKey: keys.monitors })
    } catch (error) {
      sayProblem(error, title)
    } finally {
      setMaking(null)
    }
  }
  return (
    <div className="first-steps">
      <div className="first-steps-lead">
        <h2>Nothing is watched yet</h2>
        <p className="soft">
          A monitor asks a question again and again, and tells people when the answer gets bad. Begin with one of these, bring the ones that
          you have, or write your own.
        </p>
        <div className="first-steps-ways">
          <NewMonitor />
          <Button icon="file" onClick={onImport}>
            Import from a file
          </Button>
        </div>
        <p className="soft small">
          Files can also be dropped anywhere on this page: rules of Prometheus, monitors of Datadog, or of Tocsin.
        </p>
      </div>
      <ul>
        {examples.map((example) => (
          <li key={example.title}>
            <h3>{example.title}</h3>
            <p className="soft">{example.about}</p>
            <code>{example.definition.query}</code>
            <Button busy={making === example.title} onClick={() => void make(example)}>
              Watch this
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
