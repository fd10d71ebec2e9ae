#if ORLEANS
global using Orleans;
#else
global using CocoonPool.Engine.Local;
#endif
