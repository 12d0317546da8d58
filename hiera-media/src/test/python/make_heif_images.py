"""Writes small HEIC and AVIF files, single and tiled, with Pillow 12.3 and pillow-heif 1.8.

Usage: make_heif_images.py TARGET_FOLDER. The digests in src/test/resources/images/heif/index.json are of the RGB bytes of
exif_transpose(open(file)).convert("RGB").
"""
import sys,os,numpy as np
from PIL import Image, ImageOps
import pillow_heif; pillow_heif.register_heif_opener()
o=sys.argv[1]; os.makedirs(o,exist_ok=True)
def pic(w,h):
    yy,xx=np.mgrid[0:h,0:w]
    a=np.stack([(xx*255//(w-1)),(yy*255//(h-1)),(128+100*np.sin(xx/7.)*np.cos(yy/9.))],-1).astype(np.uint8)
    a[h//4:h//2,w//4:w//2]=[250,10,30]; return Image.fromarray(a)
im=pic(150,98); al=im.copy(); al.putalpha(Image.linear_gradient('L').resize(im.size))
for s in ('4:2:0','4:2:2','4:4:4','4:0:0'):
    n=s.replace(':','')
    im.save(f'{o}/avif_{n}.avif',subsampling=s,quality=80); 
    try: im.save(f'{o}/heic_{n}.heic',chroma=int(n),quality=80)
    except Exception as e: print(n,e)
im.save(f'{o}/avif_lim.avif',range='limited'); im.save(f'{o}/avif_q100.avif',quality=100,subsampling='4:4:4'); al.save(f'{o}/avif_alpha.avif'); al.save(f'{o}/heic_alpha.heic',quality=80)
im.save(f'{o}/avif_anim.avif',save_all=True,append_images=[ImageOps.mirror(im)],duration=100)
e=Image.Exif(); e[274]=6
im.save(f'{o}/avif_exif6.avif',exif=e); im.save(f'{o}/heic_exif6.heic',exif=e,quality=80)
big=pic(1300,900); big.save(f'{o}/heic_big.heic',quality=60); big.save(f'{o}/avif_big.avif',quality=60); 
big.save(f'{o}/avif_tiles.avif',quality=60,tile_rows=1,tile_cols=1)
pic(151,99).save(f'{o}/avif_odd.avif'); pic(151,99).save(f'{o}/heic_odd.heic',quality=80)
import imagecodecs  # 2026.3, for more than 8 bits; the digests of these files are of Pillow 13.0
def deep(w,h,m):
    yy,xx=np.mgrid[0:h,0:w]
    a=np.stack([xx*m//(w-1),yy*m//(h-1),m//2+0.39*m*np.sin(xx/7.)*np.cos(yy/9.)],-1).astype(np.uint16)
    a[h//4:h//2,w//4:w//2]=[m*250//255,m*10//255,m*30//255]; return a
for n,bits,w,h in (('10_400',10,150,98),('10_420_odd',10,151,99),('10_422',10,150,98),('10_444',10,150,98),('12_400_odd',12,151,99),('12_420',12,150,98)):
    a=deep(w,h,(1<<bits)-1); a=a[...,0].copy() if '400' in n else a
    open(f'{o}/avif_{n}.avif','wb').write(imagecodecs.avif_encode(a,bitspersample=bits,level=80,pixelformat='yuv'+n[3:6]))
try:
  hf=pillow_heif.HeifFile(); hf.add_from_pillow(im); hf.save(f'{o}/heic_main.heic')
except Exception as ex: print(ex)
pillow_heif.options.GRID_TILE_SIZE=256
for n,(w,h) in {'grid':(1300,900),'grid_odd':(701,515),'grid_small':(520,300)}.items():
    try: pic(w,h).save(f'{o}/heic_{n}.heic',quality=60)
    except Exception as e: print(n,e)
try: pic(520,300).save(f'{o}/heic_grid_exif6.heic',quality=60,exif=e)
except Exception as x: print(x)
# HEIC of more bits, other ranges and matrices; digests of pillow-heif 1.8.1 with libheif 1.23.6
for n,bits,chroma,matrix,full,w,h in (('10_420',10,420,6,1,64,48),('10_422_odd',10,422,6,1,65,49),('10_444',10,444,6,1,64,48),('12_420_odd',12,420,6,1,65,49),
        ('12_444',12,444,6,1,64,48),('lim_420',8,420,6,0,64,48),('lim_444_709',8,444,1,0,64,48),('10_lim_420_2020',10,420,9,0,64,48),('420_709',8,420,1,1,64,48),
        ('422_240m',8,422,7,1,64,48),('10_422_lim_709',10,422,1,0,64,48)):
    a=deep(w,h,65535); pillow_heif.options.SAVE_HDR_TO_12_BIT=bits==12
    f=pillow_heif.from_bytes('RGB;16',(w,h),a.tobytes()) if bits>8 else pillow_heif.from_bytes('RGB',(w,h),(a>>8).astype(np.uint8).tobytes())
    f.save(f'{o}/heic_{n}.heic',quality=80,chroma=chroma,matrix_coefficients=matrix,full_range_flag=full,color_primaries=1,transfer_characteristics=1)
for n,bits,px in (('2020_420',8,'yuv420'),('10_444_2020',10,'yuv444'),('12_422_2020',12,'yuv422')):
    a=deep(64,48,(1<<bits)-1); a=a.astype(np.uint8) if bits==8 else a
    open(f'{o}/avif_{n}.avif','wb').write(imagecodecs.avif_encode(a,level=80,bitspersample=bits,pixelformat=px,primaries=1,transfer=1,matrix=9))
