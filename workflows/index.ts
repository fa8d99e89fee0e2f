/** The workflows of the bundle. Never exports anything else: each name here is a workflow type. Read next: monitor.ts. */
export { backtest } from './backtest.ts'
export { deliver } from './deliver.ts'
export { look } from './look.ts'
export { monitor } from './monitor.ts'
export { notify } from './notify.ts'
export { reconcile } from './reconcile.ts'
