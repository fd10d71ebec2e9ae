// The one place of this project, with Engine/Host, that knows which grain engine it is compiled for.
#if ORLEANS
global using Orleans;
global using Orleans.Runtime;
#else
global using CocoonPool.Engine.Local;
#endif
