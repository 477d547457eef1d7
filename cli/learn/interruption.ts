/** Whether Ctrl-C was pressed: the first asks to end and keep what is there, the second ends the program. */
export type Interruption = { happened(): boolean; end(): void };

export function watchInterruption(onInterrupted: () => void): Interruption {
  let isInterrupted = false;
  const onSignal = () => {
    isInterrupted = true;
    process.removeListener('SIGINT', onSignal);
    onInterrupted();
  };
  process.on('SIGINT', onSignal);
  return {
    happened: () => isInterrupted,
    end: () => process.removeListener('SIGINT', onSignal),
  };
}
