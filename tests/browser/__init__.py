"""A headless Chromium for tests of pages, driven over the DevTools protocol."""
