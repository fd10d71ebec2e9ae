global using CocoonPool.Engine.Local;
