import { writeFitFolder } from '../learn/fit-folder.ts';
import { modelOf } from './fit-folders.ts';

// Writes one model over another until it is killed.
for (let number = 1; ; number = (number % 100) + 1) {
  const written = await writeFitFolder(process.argv[2], modelOf(number));
  if (!written.ok) throw new Error(written.error.message);
  if (number === 1) process.stdout.write('begun\n');
}
