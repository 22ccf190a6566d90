/** Version and content hash of this build, written by vite.config.ts. */
declare const __BUILD__: string;
