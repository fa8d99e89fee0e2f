/** The console as people use it, in a real browser against the whole engine. UPDATE_SCREENSHOTS=1 renews docs/images. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { downtimesScene } from './console/downtimes-scene.ts'
import { editScene } from './console/edit-scene.ts'
import { everyPage } from './console/every-page.ts'
import { monitorScene } from './console/monitor-scene.ts'
import { receiversScene } from './console/receivers-scene.ts'
import { firstStepsScene, incidentsScene, keysScene, monitorsScene, signInScene } from './console/scenes.ts'
import { type Stage, setStage } from './console/stage.ts'

const chromium = findChromium()
if (chromium === null)
  console.log('The console is not tried in a browser: there is no Chromium here. Install it, or say where it is by CHROMIUM_PATH.')

describe.skipIf(chromium === null)('the console', () => {
  let set: Stage
  const stage = (): Stage => set
  beforeAll(async () => {
    set = await setStage(chromium ?? '')
  })
  afterAll(() => set?.close())

  signInScene(stage)
  monitorsScene(stage)
  editScene(stage)
  incidentsScene(stage)
  keysScene(stage)
  monitorScene(stage)
  downtimesScene(stage)
  receiversScene(stage)
  everyPage(stage)
  // Last: it deletes what the others made.
  firstStepsScene(stage)

  test('no browser complained of anything', () => {
    expect(set.complaints).toEqual([])
  })
})
