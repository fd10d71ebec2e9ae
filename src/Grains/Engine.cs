// The one place of this project that knows which grain engine it is compiled for.
#if ORLEANS
global using Orleans;
global using Orleans.Placement;
global using Orleans.Runtime;
#else
global using CocoonPool.Engine.Local;
#endif
