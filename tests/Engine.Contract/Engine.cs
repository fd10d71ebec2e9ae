// The one place of this project, with the host, that knows which grain engine it is compiled for.
#if ORLEANS
global using Orleans;
global using Orleans.Concurrency;
global using Orleans.Placement;
global using Orleans.Configuration;
global using Orleans.Runtime;
global using Orleans.Serialization.Invocation;
global using Orleans.Storage;
#else
global using CocoonPool.Engine.Local;
#endif
