import 'reflect-metadata';
import { bootstrap } from './start/bootstrap.js';

await bootstrap();
