import { DurableObject } from 'cloudflare:workers';
import type { LiveMessage } from '../../shared/contracts/registry.ts';
import type { Platform } from '../env.ts';

/** What a connected stream gets: flag changes only, or everything. */
export type Channel = 'flags' | 'all';

/** A LiveMessage that is JSON already: it is sent to many. */
export type HubMessage = { type: LiveMessage['type']; data: string };

/**
 * Hands each message of a workspace to its connected streams. The sockets hibernate: between
 * messages the object is not in memory and costs nothing.
 */
export class WorkspaceHub extends DurableObject<Platform> {
  override fetch(request: Request): Response {
    const channel: Channel = new URL(request.url).pathname === '/all' ? 'all' : 'flags';
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, [channel]);
    return new Response(null, { status: 101, webSocket: client });
  }

  publish(messages: HubMessage[]): void {
    for (const message of messages) {
      this.#send('all', message.data);
      if (message.type === 'refetchEvaluation') this.#send('flags', message.data);
    }
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close();
  }

  #send(channel: Channel, data: string): void {
    for (const socket of this.ctx.getWebSockets(channel))
      if (socket.readyState === WebSocket.OPEN) socket.send(data);
  }
}
