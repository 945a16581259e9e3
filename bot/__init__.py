"""Peipao (陪跑): a dialogue service that helps tech firms find the fitting financial product."""
