/**
 * Sends what one turn of the event loop has to say in few packets: the first message that may not wait leaves at once (so
 * that the other side can begin), whatever else the turn sends leaves together at its end. A system call to write costs
 * more than all the rest of a small message.
 */
export type TurnOutbox = (send: () => void, mayWait: boolean) => void;

export function createTurnOutbox(socket: { cork(): void; uncork(): void }): TurnOutbox {
  let isGathering = false;
  let hasLeft = false;
  return (send, mayWait) => {
    if (!isGathering) {
      isGathering = true;
      hasLeft = false;
      socket.cork();
      setImmediate(() => {
        isGathering = false;
        socket.uncork();
      });
    }
    send();
    if (mayWait || hasLeft) return;
    hasLeft = true;
    socket.uncork();
    socket.cork();
  };
}
