import { useMutation, useQueryClient } from '@tanstack/react-query'
import { tryReceiver } from '../../data/receivers.ts'
import { Button } from '../../ui/button.tsx'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'

/** Sends a message that says it is a test, and says what came of it. */
export function TestButton({ name }: Readonly<{ name: string }>) {
  const client = useQueryClient()
  const { mutate, isPending } = useMutation({
    mutationFn: () => tryReceiver(name),
    onSuccess: ({ ok, detail, duration_ms: ms }) => {
      if (ok) sayDone(`${name} took a test message in ${Math.round(ms)} ms`)
      else sayProblem(detail, `${name} did not take a test message`)
    },
    onError: (error) => sayProblem(error, name),
    onSettled: () => void client.invalidateQueries({ queryKey: ['receivers'] }),
  })
  return (
    <Button busy={isPending} aria-label={`Test ${name}`} onClick={() => mutate()}>
      Test
    </Button>
  )
}
