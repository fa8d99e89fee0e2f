/** What a next release might do otherwise: each evaluation waits for a moment first, behind an id as CONTRIBUTING.md has it. */
import { patched, sleep, type WorkflowInterceptors } from '@temporalio/workflow'

export function interceptors(): WorkflowInterceptors {
  return {
    outbound: [
      {
        scheduleLocalActivity: async (input, next) => {
          if (input.activityType === 'evaluate' && patched('test-waits-before-evaluating')) await sleep(1)
          return next(input)
        },
      },
    ],
  }
}
