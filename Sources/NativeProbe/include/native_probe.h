#pragma once

// Nothing here is called by name: the library is preloaded and found by the loader.
