"""A headless Chromium for tests of pages, controlled over the DevTools protocol."""
