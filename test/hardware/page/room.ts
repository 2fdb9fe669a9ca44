/** A small room with real parts and a page: bays, a board, the real firmware's panels; no cameras and no recorder. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualBoard } from '../../../hardware/virtual/board/virtual-board.ts'
import { type RunningPage, startPage } from '../../../hardware/virtual/page/page-server.ts'
import { type RunningRoomPanels, startRoomPanels } from '../../../hardware/virtual/panel/room-panel.ts'
import { VirtualBay } from '../../../hardware/virtual/room/bay.ts'
import { makeRoom } from '../../../hardware/virtual/room/make-room.ts'
import type { Room } from '../../../hardware/virtual/room/room.ts'

export interface SmallRoom {
  dir: string
  stores: string[]
  board: VirtualBoard
  panels: RunningRoomPanels
  room: Room
  page: RunningPage
  end: () => Promise<void>
}

export const smallRoom = async (): Promise<SmallRoom> => {
  const dir = mkdtempSync(join(tmpdir(), 'verbatim-page-'))
  const stores = ['store-1', 'store-2'].map((name) => join(dir, name))
  for (const store of stores) mkdirSync(store)
  const board = new VirtualBoard(join(dir, 'board.sock'))
  await board.ready
  const panels = await startRoomPanels(dir)
  const courtroom = {
    panels: panels.panels,
    urls: { 'judge-camera': 'rtsp://nowhere' },
    turnCamera: async () => {
      throw new Error('there is no server of cameras')
    },
    speech: { file: '', seconds: 0, channels: [] },
  }
  const room = makeRoom({ courtroom, board, bays: await Promise.all(stores.map(VirtualBay.open)) })
  const page = await startPage({ room, runtimeDir: dir })
  return {
    ...{ dir, stores, board, panels, room, page },
    end: async () => {
      await page.stop()
      await Promise.all([panels.stop(), board.close()])
      rmSync(dir, { recursive: true })
    },
  }
}
