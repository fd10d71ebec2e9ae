// The one place of this project that knows which grain engine it is compiled for, beside Hosting/EngineHosting.cs.
#if ORLEANS
global using Orleans;
global using Orleans.Runtime;
#else
global using CocoonPool.Engine.Local;
#endif
