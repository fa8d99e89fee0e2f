import { useMutation } from '@tanstack/react-query'
import { trySource } from '../../data/sources.ts'
import { Button } from '../../ui/button.tsx'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'

/** Asks it something small, and says how long the answer took. */
export function TestSource({ name }: Readonly<{ name: string }>) {
  const { mutate, isPending } = useMutation({
    mutationFn: () => trySource(name),
    onSuccess: ({ ok, detail, duration_ms: ms }) => {
      if (ok) sayDone(`${name} answers in ${Math.round(ms)} ms`)
      else sayProblem(detail, `${name} does not answer`)
    },
    onError: (error) => sayProblem(error, name),
  })
  return (
    <Button busy={isPending} aria-label={`Test ${name}`} onClick={() => mutate()}>
      Test
    </Button>
  )
}
